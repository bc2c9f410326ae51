package dev.tenancy.example.notes;

import dev.tenancy.jdbc.RowLevelSecurity;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The table of the notes, as its owner makes it once. */
public final class NotesSchema {
    private NotesSchema() {}

    /** Makes the table, and makes each row visible to its own tenant only. */
    public static void apply(Connection owner, String appRole) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS notes"
                    + " (id bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL)");
        }
        RowLevelSecurity.table("notes").key("id").grantTo(appRole).build().apply(owner);
    }
}
