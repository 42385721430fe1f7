"""One restore of the drill (`make drill`): into a new server without the reader's role."""

import os
from pathlib import Path

import pytest
from django.db import connection, transaction

from config import postgres
from tests.config.test_reader_role import draft_of_everything, lift_embargoes, publish_everything
from tests.drill import restore

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.environ["DATABASE_URL"] != postgres.TEST.url, reason="dumps from the embedded test server"),
]


def test_restore_without_the_roles_is_named_and_laid_again_whole(committing: None, tmp_path: Path) -> None:
    with transaction.atomic():
        draft_of_everything()
        publish_everything()
        lift_embargoes()
        draft_of_everything()
    here, name = restore.Server(postgres.programs(), postgres.TEST.socket_folder), connection.settings_dict["NAME"]
    before = restore.inside(here, name)
    (way,) = (way for way in restore.FORGOTTEN if way.role == restore.SUPERUSER)
    with restore.short_folder() as folder, restore.Server(here.programs, folder / "new").running() as new:
        restore.restore(here, new, way, folder / "dump", of=name)
        assert restore.differences(before, restore.inside(new, "restored")) == []
        # That what was compared is not nothing, and that a difference would show:
        new.sql("UPDATE auth_user SET email = 'changed' WHERE id = (SELECT min(id) FROM auth_user)", "restored")
        assert restore.differences(before, restore.inside(new, "restored")) == ["rows: auth_user and 0 more"]
        new.sql("DROP POLICY reader_sees_what_is_published ON events_point", "restored")
        with pytest.raises(restore.DrillError, match="/readyz with 503"):
            restore.inside(new, "restored")
