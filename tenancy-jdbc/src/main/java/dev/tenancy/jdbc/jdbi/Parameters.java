package dev.tenancy.jdbc.jdbi;

import java.util.List;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What a query is given for its question marks. */
final class Parameters {
    private Parameters() {}

    static Query bind(Query query, List<? extends @Nullable Object> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            Object value = parameters.get(i);
            if (value instanceof Argument argument) {
                query.bind(i, argument);
            } else {
                query.bind(i, value);
            }
        }
        return query;
    }
}
