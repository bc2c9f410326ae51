package dev.tenancy.example.benchmarks.jwt;

/** A token signed with RS256, verified each time. */
public class Rs256 extends Resolve {
    /** Makes issuer and token. */
    public Rs256() {
        super(Issuer.rs256(), false);
    }
}
