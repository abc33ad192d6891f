"""Who is where in a loaded database. Everything follows from how many referrals it has, so nothing is looked up."""

from dataclasses import dataclass

PREFIX = "wor_bench_"
LARGE, SMALL = 5_000_000, 50_000

PER_PRACTICE = 1_000
PRACTICES_PER_REGION = 100
PRACTICES_PER_WELFARE = 10
COACHES_PER_PRACTICE = 2
MEMBERS_PER_PRACTICE = 3  # GP, practice nurse, assistant
OTHERS = ("municipality", "insurer", "support")
YEARS = 5


def database(referrals: int) -> str:
    return f"{PREFIX}{referrals}"


@dataclass(frozen=True)
class Plan:
    """A practice, a coach and an organisation are as busy in a small database as in a large one: only the tables
    around them grow. Ids are counted from 1 in the order practices, welfare organisations, others."""

    referrals: int

    @property
    def regions(self) -> int:
        return max(2, self.referrals // (PER_PRACTICE * PRACTICES_PER_REGION))

    @property
    def per_region(self) -> int:
        """Practices in a region."""
        return max(2, self.referrals // PER_PRACTICE // self.regions)

    @property
    def practices(self) -> int:
        return self.regions * self.per_region

    @property
    def welfare_per_region(self) -> int:
        return max(1, self.per_region // PRACTICES_PER_WELFARE)

    @property
    def slots(self) -> int:
        """The most practices that one welfare organisation works for."""
        return -(-self.per_region // self.welfare_per_region)

    @property
    def welfare(self) -> int:
        return self.regions * self.welfare_per_region

    @property
    def members_per_welfare(self) -> int:
        """The coaches of its practices, and a coordinator."""
        return COACHES_PER_PRACTICE * self.slots + 1

    @property
    def practice_members(self) -> int:
        return MEMBERS_PER_PRACTICE * self.practices

    @property
    def welfare_members(self) -> int:
        return self.welfare * self.members_per_welfare

    @property
    def returning_after(self) -> int:
        """One in ten is a client who was referred so many referrals ago. A multiple of ten."""
        return max(10, self.referrals // 40 * 10)

    def values(self) -> dict[str, int]:
        """For the SQL of tables.py."""
        names = (
            *("referrals", "regions", "per_region", "practices", "welfare_per_region", "slots", "welfare"),
            *("members_per_welfare", "practice_members", "welfare_members", "returning_after"),
        )
        return {name: getattr(self, name) for name in names} | {"days": YEARS * 365}
