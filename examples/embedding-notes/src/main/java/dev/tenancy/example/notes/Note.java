package dev.tenancy.example.notes;

/**
 * What somebody wrote.
 *
 * @param id given by the database
 * @param text any
 */
public record Note(long id, String text) {

    /**
     * A note that is not written yet.
     *
     * @param text any
     */
    public record Draft(String text) {}
}
