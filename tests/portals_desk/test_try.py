from __future__ import annotations

def test_try(ana, report):
    r = ana.get("/desk/")
    assert r.status_code == 200, r.content.decode()
    open("/tmp/q.html","w").write(r.content.decode())
    r = ana.get(f"/desk/reports/{report.pk}/")
    open("/tmp/r.html","w").write(r.content.decode())
    assert r.status_code == 200
    r = ana.get(f"/desk/pane/{report.pk}/")
    assert r.status_code == 200
    r = ana.get(f"/desk/queue.csv")
    print(r.content.decode())
    r = ana.get(f"/desk/call/")
    assert r.status_code == 200
    assert 0
