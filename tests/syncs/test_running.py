"""One reading, from TikTok's pages to rows."""

import json
from datetime import timedelta

from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators.models import Account, Connection, Post
from greenroom.observations import log, models, view
from greenroom.syncs import archive, health, running
from greenroom.syncs.models import Run, Sync


def readings(workspace, kind):
    """Every reading of the log as dicts."""
    batches = models.Batch.objects.within(workspace).filter(kind=kind).order_by("id")
    return [row for batch in batches for row in log.decode(kind, bytes(batch.ipc)).to_pylist()]


class TestAReading:
    def test_of_posts_holds_what_tiktok_tells_of_each_of_them(self, world, workspace, ana, take, at):
        took = take(ana, "organic_posts")
        truth = world.truth("ana")["posts"]
        ids = dict(Post.objects.values_list("pk", "item_id"))
        seen = {ids[row["subject"]]: row for row in readings(workspace, "post")}
        assert (took.run.outcome, took.run.rows, took.run.requests) == ("ok", 45, 3)
        assert set(seen) == set(truth)
        for item_id, told in truth.items():
            row = seen[item_id]
            assert row["views"] == told.get("video_views")
            assert row["reach"] == told.get("reach")
            assert row["avg_play_time"] == told.get("average_time_watched")
            curve = [
                {"second": int(one["second"]), "share": one["percentage"]}
                for one in told.get("video_view_retention", [])
            ]
            assert (row["retention_by_second"] or []) == curve
            assert row["age_s"] == int(at.timestamp()) - int(told["create_time"])

    def test_says_where_it_comes_from(self, workspace, ana, take, at):
        take(ana, "organic_posts")
        row = readings(workspace, "post")[0]
        consent = ana.consents.get().pk
        assert (row["source_class"], row["surface"], row["consent"]) == ("sandbox", "accounts_api", consent)
        assert (row["observed_at"], row["read_at"], row["account"]) == (at, at, ana.account_id)

    def test_of_an_account_holds_its_profile_and_sixty_days(self, world, workspace, ana, take, at):
        took = take(ana, "organic_profile")
        truth = world.truth("ana")
        (row,) = readings(workspace, "account")
        days = {str(day["date"]): day for day in readings(workspace, "account_day")}
        assert row["followers"] == truth["profile"]["followers_count"]
        assert row["creator_id"] == ana.open_id
        assert row["completion_rate"] is None
        assert {key: day["video_views"] for key, day in days.items()} == {
            key: day["video_views"] for key, day in truth["metrics"].items()
        }
        assert took.run.rows == 1 + len(days)
        assert len(days) >= 58

    def test_asks_only_for_days_that_may_have_changed_when_it_comes_again(self, world, workspace, ana, take, at):
        take(ana, "organic_profile")
        world.clock.advance(days=1)
        assert take(ana, "organic_profile").run.rows == 1 + 4 + 1

    def test_is_told_in_an_event_and_moves_the_cursor(self, workspace, ana, take, at):
        took = take(ana, "organic_posts")
        event = Event.objects.within(workspace).get(name="sync.finished")
        assert event.data == {"stream": "organic_posts", "account": ana.account_id, "rows": 45}
        assert took.sync.rows_total == 45
        assert took.sync.due_at == at + timedelta(hours=1)
        assert took.sync.last_ok_at == at

    def test_later_goes_back_only_as_far_as_a_post_is_due(self, world, ana, take):
        take(ana, "organic_posts")
        world.clock.advance(hours=1)
        took = take(ana, "organic_posts")
        assert (took.run.requests, took.run.rows) == (1, 20)

    def test_finds_a_new_post_by_itself(self, world, workspace, ana, take):
        take(ana, "organic_posts")
        world.clock.advance(hours=0.5)
        item_id = world.publish("ana", caption="Fresh bread").item_id
        world.clock.advance(hours=0.5)
        take(ana, "organic_posts")
        post = Post.objects.get(item_id=item_id)
        row = next(row for row in readings(workspace, "post") if row["subject"] == post.pk)
        assert post.caption == "Fresh bread"
        assert row["views"] is None  # its figures come a day or two late: nothing, not 0

    def test_leaves_a_post_that_is_not_listed_any_more_as_it_was(self, world, workspace, ana, take):
        take(ana, "organic_posts")
        gone = Post.objects.within(workspace).order_by("-posted_at").first()
        before = list(models.Latest.objects.filter(kind="post", subject=gone.pk).values())
        world.remove(gone.item_id)
        world.clock.advance(hours=1)
        take(ana, "organic_posts")
        assert list(models.Latest.objects.filter(kind="post", subject=gone.pk).values()) == before
        assert Post.objects.get(pk=gone.pk).last_seen_at == gone.last_seen_at

    def test_does_not_blank_what_tiktok_leaves_out_later(self, world, workspace, ana, take, at):
        take(ana, "organic_posts")
        known = {row.subject for row in models.Latest.objects.filter(kind="post") if '"reach"' in row.fields}
        Sync.objects.update(cursor={})
        world.clock.advance(days=40)
        take(ana, "organic_posts")
        assert known <= {row.subject for row in models.Latest.objects.filter(kind="post") if '"reach"' in row.fields}

    def test_survives_pages_shorter_than_asked_and_ids_as_numbers(self, world, workspace, ana, take):
        world.faults.set(short_pages=1.0, numeric_ids=1.0)
        took = take(ana, "organic_posts")
        assert took.run.rows == 45
        pages = [json.loads(body)["data"] for _, body in archive.read(took.run.archive).answers]
        assert any(page["has_more"] and len(page["videos"]) < 20 for page in pages)
        assert set(Post.objects.values_list("item_id", flat=True)) == set(world.truth("ana")["posts"])


class TestTheSameReading:
    def test_taken_twice_is_stored_once(self, workspace, ana, at):
        Sync.objects.filter(stream="organic_posts").update(due_at=at)
        one, other = (Sync.objects.get(stream="organic_posts") for _ in range(2))
        first, second = running.run_sync(one, at=at), running.run_sync(other, at=at + timedelta(seconds=13))
        assert (first.outcome, second.outcome) == ("ok", "repeated")
        assert len(readings(workspace, "post")) == 45
        assert other.due_at == one.due_at
        assert Event.objects.within(workspace).filter(name="sync.finished").count() == 1

    def test_that_fails_late_does_not_undo_the_one_that_was_stored(self, world, ana, at):
        Sync.objects.filter(stream="organic_posts").update(due_at=at)
        one, other = (Sync.objects.get(stream="organic_posts") for _ in range(2))
        running.run_sync(one, at=at)
        world.faults.set(busy=True)
        running.run_sync(other, at=at)
        row = Sync.objects.get(pk=one.pk)
        assert (row.due_at, row.failures, row.last_error) == (one.due_at, 0, "")


class TestADoorThatCloses:
    def test_stops_when_the_creator_withdraws_at_tiktok(self, world, workspace, ana, take):
        world.withdraw("ana", "sandbox-app")
        took = take(ana, "organic_posts")
        assert took.run.outcome == "unauthorized"
        assert took.sync.due_at is None
        assert Connection.objects.get(pk=ana.pk).state == "lapsed"
        assert readings(workspace, "post") == []

    def test_keeps_nothing_that_arrives_after_consent_was_withdrawn(self, world, workspace, ana, take, at):
        original = world.faults.strikes

        def withdrawn_meanwhile(name):
            if name == "short_pages" and Connection.objects.get(pk=ana.pk).is_live:
                world.faults.strikes = original
                Connection.objects.filter(pk=ana.pk).update(state="revoked")
            return False

        world.faults.strikes = withdrawn_meanwhile
        took = take(ana, "organic_posts")
        assert took.run.requests == 3
        assert took.run.rows == 0
        assert readings(workspace, "post") == []
        assert [path for path in archive.folder().rglob("*") if path.is_file()] == []

    def test_reads_on_through_a_token_that_runs_out(self, world, ana, take):
        world.faults.set(expired_token=1)
        before = Connection.objects.get(pk=ana.pk).access_token
        assert take(ana, "organic_posts").run.outcome == "ok"
        assert Connection.objects.get(pk=ana.pk).access_token != before

    def test_waits_when_tiktok_says_too_often_and_counts_no_failure(self, world, ana, take, at):
        world.faults.set(throttled=True)
        took = take(ana, "organic_posts")
        assert took.run.outcome == "throttled"
        assert took.sync.failures == 0
        assert took.sync.due_at > at
        assert "too many requests" in took.sync.last_error

    def test_backs_off_when_tiktok_is_broken(self, world, ana, take, at):
        world.faults.set(busy=True)
        first = take(ana, "organic_posts")
        second = take(ana, "organic_posts")
        assert (first.run.outcome, second.sync.failures) == ("unavailable", 2)
        assert second.sync.due_at >= at + timedelta(seconds=60)

    def test_stores_nothing_of_a_reading_that_broke_off(self, world, workspace, ana, take):
        world.faults.set(busy=0.0)
        answered = []
        original = world.faults.strikes

        def after_two(name):
            answered.append(name)
            return name == "busy" and answered.count("busy") > 2

        world.faults.strikes = after_two
        took = take(ana, "organic_posts")
        world.faults.strikes = original
        assert (took.run.outcome, took.run.requests) == ("unavailable", 2)
        assert readings(workspace, "post") == []
        assert not Post.objects.exists()

    def test_shows_tiktoks_own_words_and_request_id(self, ana, take, workspace):
        Connection.objects.filter(pk=ana.pk).update(open_id="_000nobody")
        took = take(ana, "organic_posts")
        assert took.run.outcome == "rejected"
        assert took.run.request_id
        assert took.run.request_id in took.sync.last_error
        assert took.sync.due_at is not None


class TestScopes:
    def test_what_was_not_granted_is_not_asked_for(self, workspace, people, take, at):
        connection = people.consent(workspace, "ben", at=at, without=("video.insights", "user.insights"))
        take(connection, "organic_posts")
        take(connection, "organic_profile")
        posts, (account,) = readings(workspace, "post"), readings(workspace, "account")
        assert any(post["views"] is not None for post in posts)
        assert all(post["avg_play_time"] is None for post in posts)
        assert account["followers"] is not None
        assert account["audience_countries"] is None
        assert readings(workspace, "account_day") == []

    def test_without_the_list_of_videos_no_posts_are_read(self, workspace, people, at):
        connection = people.consent(workspace, "ben", at=at, without=("video.list", "video.insights"))
        assert list(Sync.objects.filter(connection=connection).values_list("stream", flat=True)) == ["organic_profile"]


class TestMembership:
    def test_is_asked_for_all_creators_and_kept(self, workspace, people, take, at, world):
        people.consent(workspace, "ben", at=at)
        brand = people.connect_marketplace(workspace, at=at)
        world.join_marketplace("ben")
        took = take(brand, "marketplace_status_tto")
        assert took.run.outcome == "ok"
        assert Account.objects.get(handle="ben").in_marketplace is True

    def test_opens_and_closes_what_is_read(self, workspace, people, take, at, world):
        brand = people.connect_marketplace(workspace, at=at)
        cyd = creators.add_account(workspace, handle="cyd", by="member:1", at=at)
        open_then = set(Sync.objects.filter(account=cyd, due_at__isnull=False).values_list("stream", flat=True))
        world.leave_marketplace("cyd")
        take(brand, "marketplace_status_tto")
        assert open_then == {"marketplace_public_tto", "marketplace_public_posts_tto"}
        assert not Sync.objects.filter(account=cyd, due_at__isnull=False).exists()

    def test_ends_when_the_marketplace_does_not_know_the_creator_any_more(self, people, workspace, take, at, world):
        people.connect_marketplace(workspace, at=at)
        ana = people.consent(workspace, "ana", at=at)
        world.leave_marketplace("ana")
        took = take(ana, "marketplace_authorized_tto")
        assert took.run.outcome == "rejected"
        assert took.sync.due_at is None
        assert Account.objects.get(handle="ana").in_marketplace is False
        waiting = Sync.objects.filter(account=ana.account, due_at__isnull=False).values_list("stream", flat=True)
        assert set(waiting) == {"organic_profile", "organic_posts"}

    def test_of_an_unsupported_account_is_the_only_thing_ever_asked(self, workspace, people, take, at, world):
        dov = creators.record_legacy(workspace, handle="dov", by="system", at=at)
        brand = people.connect_marketplace(workspace, at=at)
        take(brand, "marketplace_status_tto")
        assert not Sync.objects.filter(account=dov).exists()
        world.join_marketplace("dov")
        take(brand, "marketplace_status_tto")
        assert Sync.objects.filter(account=dov, due_at__isnull=False).count() == 2


class TestTheMarketplace:
    def test_shows_a_members_public_side(self, workspace, people, take, at, world):
        brand = people.connect_marketplace(workspace, at=at)
        cyd = creators.add_account(workspace, handle="cyd", by="member:1", at=at)
        take(brand, "marketplace_public_tto", account=cyd)
        posts = take(brand, "marketplace_public_posts_tto", account=cyd)
        truth = world.truth("cyd")["marketplace"]
        (row,) = readings(workspace, "account")
        seen = {row["subject"]: row["views"] for row in readings(workspace, "post")}
        assert row["median_views"] == truth["profile"]["median_views"]
        assert row["creator_rate"] == truth["profile"]["creator_price"]
        assert seen == {post.pk: truth["posts"][post.item_id]["video_views"] for post in Post.objects.within(workspace)}
        assert posts.run.rows == 45

    def test_shows_an_authenticated_member_more(self, workspace, people, take, at):
        people.connect_marketplace(workspace, at=at)
        ana = people.consent(workspace, "ana", at=at)
        take(ana, "marketplace_authorized_tto")
        take(ana, "marketplace_authorized_tcm")
        newer, older = readings(workspace, "account")
        assert newer["audience_devices"]
        assert newer["creator_rate"] is not None
        assert older["avg_views"] is not None
        assert older["completion_rate"] is not None


def test_a_sync_whose_door_is_closed_is_parked_without_a_failure(workspace, people, take, at):
    ana = people.consent(workspace, "ana", at=at)
    take(ana, "organic_posts")
    Account.objects.filter(pk=ana.account_id).update(authenticated=False, in_marketplace=False)
    took = take(ana, "organic_posts")
    assert (took.run.outcome, took.run.requests, took.run.rows) == ("parked", 0, 0)
    assert (took.sync.due_at, took.sync.failures, took.sync.last_ok_at) == (None, 0, at)
    assert health.source_health(workspace, at=at) == []


def test_a_login_kit_sign_in_is_read_through_the_display_api(workspace, people, take, at, world):
    connection = people.consent(workspace, "ben", at=at, dialect="login_kit")
    take(connection, "display_profile")
    take(connection, "display_posts")
    truth = world.truth("ben")["display"]
    (row,) = readings(workspace, "account")
    assert row["followers"] == truth["user"]["follower_count"]
    assert {row["views"] for row in readings(workspace, "post")} == {
        one["view_count"] for one in truth["videos"].values()
    }


def test_posts_are_read_through_one_surface_at_a_time(workspace, people, at):
    people.connect_marketplace(workspace, at=at)
    ana = people.consent(workspace, "ana", at=at)
    people.consent(workspace, "ana", at=at, dialect="login_kit", account=ana.account)
    waiting = Sync.objects.filter(account=ana.account, due_at__isnull=False, stream__contains="posts")
    assert list(waiting.values_list("stream", flat=True)) == ["organic_posts"]


def test_a_connection_made_anew_clears_what_went_wrong(workspace, people, take, at, world):
    ana = people.consent(workspace, "ana", at=at)
    world.withdraw("ana", "sandbox-app")
    take(ana, "organic_posts")
    people.consent(workspace, "ana", at=at, account=ana.account)
    row = Sync.objects.get(stream="organic_posts")
    assert (row.due_at, row.failures, row.last_error) == (at, 0, "")
    assert take(ana, "organic_posts").run.outcome == "ok"


def test_every_attempt_leaves_a_run(world, ana, take):
    take(ana, "organic_posts")
    world.faults.set(busy=True)
    take(ana, "organic_posts")
    assert list(Run.objects.order_by("pk").values_list("outcome", flat=True)) == ["ok", "unavailable"]


def test_readings_reach_the_view(workspace, ana, take):
    take(ana, "organic_posts")
    assert view.open_view(workspace).query("select count(*) as n from post_readings").to_pylist() == [{"n": 45}]
