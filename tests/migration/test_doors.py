"""Imports for people and programs: what was imported, what was not, and a small file by hand; hostile ones included."""

import gzip
from pathlib import Path
from typing import Any

from tests.cast import ADMIN, ALICE, CHARLIE
from tests.conftest import House
from tests.migration.test_history import bring_in
from tests.migration.tickets import HEADER, LOG, row, write

EVIL = "<script>alert(1)</script>"


def upload(client: Any, name: str, data: bytes, **fields: str) -> Any:
    given = {"format": "servicenow", "do": "bring", **fields}
    return client.post("/import/history", data=given, files={"file": (name, data)}, follow_redirects=False)


def test_imports_are_shown_and_what_was_not_brought_in_can_be_taken_along(house: House, tmp_path: Path) -> None:
    bad = (row("=1+1", "New", f"{EVIL}"), "too,short")
    run, _ = bring_in(house, write(tmp_path / "log.csv", HEADER, *LOG, *bad))
    client = house.client(ALICE)
    assert "log.csv" in client.get("/imports").text
    page = client.get(f"/imports/{run}").text
    assert EVIL not in page and "&lt;script&gt;" in page
    assert "it has 2 cells, the header 16" in page
    file = client.get(f"/imports/{run}/rejected.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert file.text.splitlines()[0] == "line,what,reason"
    assert len(file.text.splitlines()) == 3
    document = client.get(f"/api/imports/{run}").json()
    assert (document["incidents"], document["rejected"], document["state"], document["doubts"]) == (4, 2, "ended", 1)
    assert client.get("/api/imports").json()["items"][0]["id"] == run
    first = client.get(f"/api/imports/{run}/rejections?limit=1").json()
    assert (len(first["items"]), first["next"]) == (1, 1)
    assert client.get(f"/api/imports/{run}/rejections?cursor=1").json()["items"][0]["line"] == 17
    assert client.get("/api/imports/none").status_code == client.get("/imports/none/rejected.csv").status_code == 404
    assert house.client(CHARLIE).get("/imports").status_code == 403
    listed = client.get("/incidents?state=all&from=imported").text
    assert "servicenow:INC1" in listed and "servicenow:INC1" not in client.get("/incidents").text
    found = client.get("/api/incidents?imported=true&source=servicenow").json()["items"]
    assert [one["source"] for one in found] == [f"servicenow:INC{n}" for n in (4, 3, 2, 1)]
    shown = client.get(f"/incidents/{found[0]['number']}").text
    assert "imported from servicenow:INC4" in shown and "The source contradicts itself" in shown
    assert "Escalate</button>" not in shown


def test_a_file_is_looked_at_first_and_then_brought_in(house: House) -> None:
    text = "".join(f"{line}\n" for line in (HEADER, *LOG, "too,short")).encode()
    client = house.client(ADMIN)
    looked = upload(client, f"{EVIL}.csv", text, do="look")
    assert looked.status_code == 200
    for words in ("Awaiting User Info", "it has 2 cells, the header 16", "choose the file again"):
        assert words in looked.text
    assert EVIL not in looked.text
    assert client.get("/api/imports").json()["items"] == []
    done = upload(client, "../../log.csv.gz", gzip.compress(text), pseudonymise="yes")
    assert done.status_code == 303
    document = client.get("/api" + done.headers["location"]).json()
    assert (document["incidents"], document["file"], document["pseudonymous"]) == (4, "log.csv.gz", True)
    wrong: tuple[tuple[str, bytes, dict[str, str], str], ...] = (
        ("log.csv", b"a,b\n1,2\n", {}, "The mapping does not fit"),
        ("log.csv", b"\x00\x01", {}, "That is no text"),
        ("log.csv", text, {"format": "abacus"}, "Which form has the file?"),
        ("log.csv", text, {"mapping": "kind: [log"}, "not YAML"),
        ("log.csv", text, {"zone": "Mars"}, "There is no such time zone"),
        ("log.xes", b"<!DOCTYPE a [<!ENTITY b 'c'>]><log/>", {"format": "xes"}, "document type"),
    )
    for name, data, fields, words in wrong:
        answer = upload(client, name, data, **fields)
        assert (answer.status_code, words in answer.text) == (400, True), (words, answer.text[-800:])
    nothing = client.post("/import/history", data={"format": "csv", "file": ""}, files={"x": ("", b"")})
    assert "There is no file" in nothing.text
    assert upload(house.client(ALICE), "log.csv", text).status_code == 403
