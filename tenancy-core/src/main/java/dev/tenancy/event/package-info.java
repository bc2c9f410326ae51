/** Events within one server, each for the subscribers of one tenant. */
@NullMarked
package dev.tenancy.event;

import org.jspecify.annotations.NullMarked;
