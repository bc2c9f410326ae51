package dev.tenancy.example.benchmarks.jwt;

/** A token signed with RS256, remembered by ours. */
public class Rs256Remembered extends Resolve {
    /** Makes issuer and token. */
    public Rs256Remembered() {
        super(Issuer.rs256(), true);
    }
}
