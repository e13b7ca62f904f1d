"""A data key whose transaction is still open keeps its master key, or fails: never neither."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection

from tipline.ground.custody import services
from tipline.ground.foundation import clock, keys
from tipline.ground.foundation.actor import SYSTEM
from tipline.ground.foundation.errors import Conflict
from tipline.ground.foundation.models import DataKey
from tipline.ground.foundation.transactions import write_tx


@pytest.mark.parametrize("lingers", [0.0, 0.4])
def test_a_key_is_not_retired_under_an_open_transaction(transactional_db, tipline_home, lingers):
    old = keys.ring().current
    with write_tx():
        keys.note_use(old)
    services.rotate(SYSTEM)
    began, told = threading.Event(), []

    def seal():
        try:
            with write_tx():
                wrapped = keys.wrap_data_key(bytes(32), old)  # as a process that had the old file
                DataKey.objects.create(wrapped=wrapped, master_id=old.ident, created_at=clock.now())
                began.set()
                threading.Event().wait(lingers)
            told.append("sealed")
        except IntegrityError:
            told.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=seal)
    thread.start()
    assert began.wait(20)
    try:
        services.retire(SYSTEM, old.ident)
        told.append("retired")
    except Conflict:
        told.append("kept")
    thread.join()
    assert sorted(told) in (["kept", "sealed"], ["refused", "retired"])
    for row in DataKey.objects.filter(wrapped__isnull=False):
        assert keys.open_data_key(row)
