"""`mixpanel-utils`, unchanged but for its three host attributes, which it has no argument for."""

import uuid

import pytest
from conftest import eventually
from mixpanel_utils import MixpanelUtils


@pytest.fixture
def utils(server):
    utils = MixpanelUtils(
        server.account["secret"], token=server.project["token"], project_id=server.project["id"],
        service_account_username=server.account["username"], pool_size=2)
    utils.raw_api = utils.formatted_api = f"https://{server.host}/api"
    utils.import_api = f"https://{server.host}"
    return utils


def event(name, who, time, **properties):
    return {"event": name, "properties": {"distinct_id": who, "time": time, "$insert_id": str(uuid.uuid4()), **properties}}


def test_events_go_in_and_come_out(server, utils):
    sent = [event("Loaded", f"p{number % 7}", 1_136_000_000 + number, number=number) for number in range(4500)]
    utils.import_events(sent, timezone_offset=0)
    got = utils.query_export({"from_date": "2005-12-30", "to_date": "2006-01-05", "event": '["Loaded"]'})
    assert sorted(row["properties"]["number"] for row in got) == list(range(4500))
    assert {row["properties"]["$insert_id"] for row in got} == {row["properties"]["$insert_id"] for row in sent}
    zipped = utils.query_export({"from_date": "2005-12-30", "to_date": "2006-01-05"}, add_gzip_header=True)
    assert len(zipped) == 4500
    assert utils.query_export({"from_date": "1999-01-01", "to_date": "1999-01-02"}) == []


def test_the_same_import_twice_counts_once(server, utils):
    sent = [event("Twice", "p", 1_136_500_000 + number) for number in range(50)]
    utils.import_events(sent, timezone_offset=0)
    utils.import_events(sent, timezone_offset=0)
    assert len(utils.query_export({"from_date": "2006-01-01", "to_date": "2006-01-31", "event": '["Twice"]'})) == 50


def test_people_page_by_page(server, utils):
    utils.import_people([{"$distinct_id": f"u{number}", "$properties": {"number": number}} for number in range(2300)])
    people = utils.query_engage({"where": 'defined(properties["number"])'})
    assert sorted(person["$properties"]["number"] for person in people) == list(range(2300))
    assert eventually(lambda: {p["$distinct_id"] for p in utils.query_engage({"where": 'properties["number"] < 3'})}
                      == {"u0", "u1", "u2"})


def test_people_operations(server, utils):
    utils.people_set([{"$distinct_id": "op", "$properties": {}}], {"colour": "red", "n": 1})
    utils.people_add([{"$distinct_id": "op", "$properties": {}}], {"n": 4})
    utils.people_union([{"$distinct_id": "op", "$properties": {}}], {"tags": ["a", "b"]})
    profile = server.profile("op")
    assert (profile["colour"], profile["n"], profile["tags"]) == ("red", 5, ["a", "b"])
    utils.people_delete([{"$distinct_id": "op", "$properties": {}}], ignore_alias=True, backup=False)
    assert server.profile("op") is None
