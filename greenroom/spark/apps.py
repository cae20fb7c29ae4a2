from django.apps import AppConfig


class SparkConfig(AppConfig):
    name = "greenroom.spark"
    label = "spark"
