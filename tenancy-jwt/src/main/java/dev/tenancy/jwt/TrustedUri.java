package dev.tenancy.jwt;

import java.net.URI;
import java.util.regex.Pattern;

/** Addresses of key servers that nobody on the way can pretend to be. */
final class TrustedUri {

    /** Addresses only, and the one name that stands for them: any other name may lead elsewhere tomorrow. */
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    static final String ALLOWED =
            "https with a host name, or http with localhost, 127.x.x.x or [::1], and no user or fragment in it";

    private TrustedUri() {}

    static boolean isTrusted(URI uri) {
        String host = uri.getHost();
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        boolean loopback = isHttp(uri) && host != null && LOOPBACK.matcher(host).matches();
        return host != null
                && !host.isBlank()
                && uri.getUserInfo() == null
                && uri.getFragment() == null
                && (https || loopback);
    }

    static boolean isHttp(URI uri) {
        return "http".equalsIgnoreCase(uri.getScheme());
    }
}
