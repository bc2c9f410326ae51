/** The servers that tests run against; each exists once, here. */
@NullMarked
package dev.tenancy.testservers;

import org.jspecify.annotations.NullMarked;
