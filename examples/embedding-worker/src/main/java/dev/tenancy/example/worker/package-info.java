/** Jobs from a queue, each for the tenant whose ticket it has. */
@NullMarked
package dev.tenancy.example.worker;

import org.jspecify.annotations.NullMarked;
