package dev.tenancy.example.benchmarks.roundtrips;

/** A table of notes, and the SQL for it, which knows nothing of tenants. */
enum Table {
    /** Protected by row-level security. */
    NOTES("notes"),
    /** The same notes, as an application without tenants would keep them. */
    PLAIN_NOTES("plain_notes");

    private final String select;
    private final String update;
    private final String insert;

    Table(String name) {
        this.select = "SELECT body FROM " + name + " WHERE id = ?";
        this.update = "UPDATE " + name + " SET body = ? WHERE id = ?";
        this.insert = "INSERT INTO " + name + " (body) VALUES (?)";
    }

    String select() {
        return select;
    }

    String update() {
        return update;
    }

    String insert() {
        return insert;
    }
}
