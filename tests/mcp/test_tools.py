"""The tools, as a program with the official client meets them."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def test_tools_are_told_with_schemas_and_only_read(living, key_of, agent):
    async def script(one):
        return (await one.session.list_tools()).tools

    tools = {tool.name: tool for tool in agent(key_of(), script)}
    assert set(tools) == {
        "search_creators",
        "get_creator",
        "list_posts",
        "availability",
        "measure",
        "explain_figure",
        "list_metrics",
        "source_health",
        "list_events",
    }
    for tool in tools.values():
        assert tool.description
        assert tool.annotations.read_only_hint
        assert tool.output_schema["type"] == "object"
        assert "call" not in tool.input_schema["properties"]
