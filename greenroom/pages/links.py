"""Addresses that a page needs by the hundred: written from the workspace's root instead of reversed one by one."""

from dataclasses import dataclass

from django.urls import reverse

from greenroom.core.models import Workspace
from greenroom.creators.models import Account


@dataclass(frozen=True)
class Links:
    """Addresses below `/w/<workspace>/`."""

    root: str

    @classmethod
    def of(cls, workspace: Workspace) -> "Links":
        return cls(reverse("home", args=[workspace.slug]))

    def passport(self, metric: str, by: str, key: int | str) -> str:
        """Where a figure says where it comes from; `by` is workspace, campaign, creator, account or post."""
        return f"{self.root}provenance/{metric}/{by}/{key}/"

    def profile(self, account: Account) -> str:
        return f"{self.root}creators/{account.creator_id}/?account={account.pk}"

    def invite(self, account: Account) -> str:
        return f"{self.root}creators/accounts/{account.pk}/invite/"

    def authenticate(self, account: Account) -> str:
        return f"{self.root}creators/accounts/{account.pk}/authenticate/"

    def post(self, pk: int) -> str:
        """The details of a post."""
        return f"{self.root}posts/{pk}/"

    def post_add(self, pk: int) -> str:
        return f"{self.root}posts/{pk}/add/"

    def post_missing(self) -> str:
        """Where a pasted address is explained."""
        return f"{self.root}posts/missing/"

    def orders_create(self, campaign: int) -> str:
        return f"{self.root}campaigns/{campaign}/orders/create/"
