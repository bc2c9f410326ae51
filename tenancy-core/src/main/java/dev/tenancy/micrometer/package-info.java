/**
 * Micrometer: the tenant goes where context-propagation (and so Reactor) takes it, and requests are counted. Needs
 * {@code io.micrometer:context-propagation} and {@code io.micrometer:micrometer-core}; nothing else loads this package.
 */
@NullMarked
package dev.tenancy.micrometer;

import org.jspecify.annotations.NullMarked;
