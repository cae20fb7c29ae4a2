"""What can be turned is written down."""

from pathlib import Path

from greenroom.sandbox import brands, faults, marketplace_campaigns, people, sim

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()


def test_faults_controls_fixtures_brands_and_campaign_reads_are_documented():
    assert [name for name in faults.RATES if f"`{name}`" not in PAGE] == []
    assert [path for method, path in sim.CONTROLS if f"`{method} /_sim/{path}`" not in PAGE] == []
    assert [one[0] for one in people.FIXTURES if f"`{one[0]}`" not in PAGE] == []
    assert [one[0] for one in brands.NAMES if one[0] not in PAGE] == []
    assert [route.path for route in marketplace_campaigns.ROUTES if f"`{route.path}`" not in PAGE] == []
