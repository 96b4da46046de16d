"""The tables of the first release, before the code."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alarm",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("leased", sa.SmallInteger(), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("stream"),
    )
    op.create_index("alarm_due", "alarm", ["leased", "urgency", "due"], unique=False)
    op.create_index(
        "alarm_lease",
        "alarm",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("lease_until IS NOT NULL"),
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_table(
        "canary",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("arrived_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "contact_address",
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("method"),
    )
    op.create_index("contact_address_person", "contact_address", ["person"], unique=False)
    op.create_table(
        "contact_code",
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("delivery"),
    )
    op.create_index("contact_code_person", "contact_code", ["person", "sent_at"], unique=False)
    op.create_table(
        "cursor",
        sa.Column("reaction", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reaction"),
    )
    op.create_table(
        "declared_once",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "key"),
    )
    op.create_table(
        "dedupe",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("group", sa.String(length=20), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("dedupe_group", "dedupe", ["group", "position"], unique=False)
    op.create_index("dedupe_position", "dedupe", ["position"], unique=False)
    op.create_index(
        "dedupe_standing",
        "dedupe",
        ["position"],
        unique=False,
        sqlite_where=sa.text("state <> 'resolved'"),
        postgresql_where=sa.text("state <> 'resolved'"),
    )
    op.create_table(
        "delivery_pending",
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.String(length=40), nullable=True),
        sa.Column("leader", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("delivery"),
    )
    op.create_index("delivery_pending_about", "delivery_pending", ["about"], unique=False)
    op.create_index("delivery_pending_held", "delivery_pending", ["held_on"], unique=False)
    op.create_index("delivery_pending_leader", "delivery_pending", ["leader"], unique=False)
    op.create_table(
        "demo_phone",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=80), nullable=False),
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("demo_phone_at", "demo_phone", ["phone", "at"], unique=False)
    op.create_table(
        "grouping",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("group_key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("impact", sa.String(length=64), nullable=False),
        sa.Column("urgency", sa.String(length=64), nullable=False),
        sa.Column("auto_resolve", sa.Boolean(), nullable=False),
        sa.Column("window", sa.BigInteger(), nullable=False),
        sa.Column("signals", sa.BigInteger(), nullable=False),
        sa.Column("raises", sa.BigInteger(), nullable=False),
        sa.Column("firing", sa.BigInteger(), nullable=False),
        sa.Column("active_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged", sa.Boolean(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("grouping_key", "grouping", ["group_key", "active_at"], unique=False)
    op.create_table(
        "key_secret",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "number",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "page_link",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("page_link_expires", "page_link", ["expires_at"], unique=False)
    op.create_table(
        "page_slot",
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("delivery", "method"),
    )
    op.create_index("page_slot_method", "page_slot", ["method", "at"], unique=False)
    op.create_table(
        "page_told",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "about"),
    )
    op.create_table(
        "parked",
        sa.Column("reaction", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reaction", "position"),
    )
    op.create_table(
        "password",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("argon2", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "profile",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=63), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("person"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "record",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("stream", "version"),
    )
    op.create_index("record_type", "record", ["type", "position"], unique=False)
    op.create_table(
        "seal",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("session_person", "session", ["person"], unique=False)
    op.create_table(
        "shape",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "tracker_reading",
        sa.Column("tracker", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tracker"),
    )
    op.create_table(
        "tracker_secret",
        sa.Column("tracker", sa.String(length=40), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tracker"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("tracker_secret")
    op.drop_table("tracker_reading")
    op.drop_table("shape")
    op.drop_index("session_person", table_name="session")
    op.drop_table("session")
    op.drop_table("seal")
    op.drop_index("record_type", table_name="record")
    op.drop_table("record")
    op.drop_table("profile")
    op.drop_table("password")
    op.drop_table("parked")
    op.drop_table("page_told")
    op.drop_index("page_slot_method", table_name="page_slot")
    op.drop_table("page_slot")
    op.drop_index("page_link_expires", table_name="page_link")
    op.drop_table("page_link")
    op.drop_table("number")
    op.drop_table("key_secret")
    op.drop_index("grouping_key", table_name="grouping")
    op.drop_table("grouping")
    op.drop_index("demo_phone_at", table_name="demo_phone")
    op.drop_table("demo_phone")
    op.drop_index("delivery_pending_leader", table_name="delivery_pending")
    op.drop_index("delivery_pending_held", table_name="delivery_pending")
    op.drop_index("delivery_pending_about", table_name="delivery_pending")
    op.drop_table("delivery_pending")
    op.drop_index(
        "dedupe_standing",
        table_name="dedupe",
        sqlite_where=sa.text("state <> 'resolved'"),
        postgresql_where=sa.text("state <> 'resolved'"),
    )
    op.drop_index("dedupe_position", table_name="dedupe")
    op.drop_index("dedupe_group", table_name="dedupe")
    op.drop_table("dedupe")
    op.drop_table("declared_once")
    op.drop_table("cursor")
    op.drop_index("contact_code_person", table_name="contact_code")
    op.drop_table("contact_code")
    op.drop_index("contact_address_person", table_name="contact_address")
    op.drop_table("contact_address")
    op.drop_table("canary")
    op.drop_index(
        "alarm_lease",
        table_name="alarm",
        sqlite_where=sa.text("lease_until IS NOT NULL"),
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.drop_index("alarm_due", table_name="alarm")
    op.drop_table("alarm")
