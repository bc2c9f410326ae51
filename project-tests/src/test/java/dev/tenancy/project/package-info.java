/** Whether the project as a whole is what it says. */
@NullMarked
package dev.tenancy.project;

import org.jspecify.annotations.NullMarked;
