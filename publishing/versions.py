import pghistory

from publishing.publication import Publication


def keep_versions(model: type[Publication]) -> None:
    """Has the database keep every version of a publication's row, whoever writes it.

    Must be called after the translations are registered: a tracker made earlier would silently ignore the columns of
    the other languages.
    """
    pghistory.track(
        pghistory.InsertEvent("written"),
        pghistory.UpdateEvent("changed"),
        pghistory.DeleteEvent("deleted"),
        model_name=f"{model.__name__}Version",
        obj_field=pghistory.ObjForeignKey(related_name="versions"),
        exclude=["public_from"],  # which follows from the rest
        append_only=True,
    )(model)
