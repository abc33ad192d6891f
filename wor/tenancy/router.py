"""Only the owner of the tables migrates."""


class OwnerMigrates:
    def allow_migrate(self, db: str, app_label: str, **hints) -> bool | None:
        return None if db == "owner" else False
