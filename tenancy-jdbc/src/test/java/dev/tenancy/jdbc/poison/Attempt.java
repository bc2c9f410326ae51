package dev.tenancy.jdbc.poison;

import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.poison.Poison.Attack;
import java.sql.SQLException;
import java.util.Optional;

/** Lets somebody try an attack: what is refused is not done, and he who tries leaves it at that. */
final class Attempt {
    private Attempt() {}

    /** Does it, and says what it was refused with. */
    static Optional<SQLException> as(TenantIdentity tenant, Host host, Attack attack) throws SQLException {
        SQLException[] refusal = new SQLException[1];
        host.as(tenant, connection -> {
            try {
                attack.on(connection);
            } catch (SQLException refused) {
                refusal[0] = refused;
            }
        });
        return Optional.ofNullable(refusal[0]);
    }
}
