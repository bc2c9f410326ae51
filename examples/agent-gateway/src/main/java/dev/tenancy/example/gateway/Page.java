package dev.tenancy.example.gateway;

import java.util.List;

/** A list as it is sent. */
record Page<T>(List<T> items, int total) {
    static <T> Page<T> of(List<T> items) {
        return new Page<>(items, items.size());
    }
}
