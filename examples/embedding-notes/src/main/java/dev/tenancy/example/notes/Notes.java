package dev.tenancy.example.notes;

import dev.tenancy.jdbc.RowNotFoundException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The notes in the database. Nothing here names a tenant. */
public final class Notes {
    private final DataSource source;

    /** Notes in {@code source}. */
    public Notes(DataSource source) {
        this.source = source;
    }

    /** Writes a note. */
    public Note add(Note.Draft draft) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO notes (text) VALUES (?) RETURNING id, text")) {
            insert.setString(1, draft.text());
            return notes(insert).get(0);
        }
    }

    /** {@return all notes, the oldest first} */
    public List<Note> list() throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT id, text FROM notes ORDER BY id")) {
            return notes(select);
        }
    }

    /**
     * {@return the note of that id}
     *
     * @throws RowNotFoundException if there is none
     */
    public Note require(long id) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT id, text FROM notes WHERE id = ?")) {
            select.setLong(1, id);
            return notes(select).stream().findFirst().orElseThrow(() -> new RowNotFoundException("notes"));
        }
    }

    private static List<Note> notes(PreparedStatement statement) throws SQLException {
        List<Note> notes = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                notes.add(new Note(rows.getLong("id"), rows.getString("text")));
            }
        }
        return notes;
    }
}
