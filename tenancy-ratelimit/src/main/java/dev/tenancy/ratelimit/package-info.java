/**
 * What a tenant may use: requests a minute ({@link dev.tenancy.ratelimit.RateLimitGuard}), and money or tokens a day
 * ({@link dev.tenancy.ratelimit.BudgetGuard}).
 */
@NullMarked
package dev.tenancy.ratelimit;

import org.jspecify.annotations.NullMarked;
