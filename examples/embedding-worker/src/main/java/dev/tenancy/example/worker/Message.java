package dev.tenancy.example.worker;

import org.jspecify.annotations.Nullable;

/**
 * What the queue has.
 *
 * @param id its place in the queue
 * @param ticket of the tenant, if who sent it had one
 * @param text what is to be noted
 */
record Message(long id, @Nullable String ticket, String text) {}
