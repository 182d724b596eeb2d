/**
 * The kit of the fuzz tests: seeded mutations, a strict judge of JSON, and the loop that counts and
 * prints. The tests themselves, named {@code …FuzzTest}, are in the packages of what they test.
 */
@NullMarked
package io.cryptofeed.connect.fuzz;

import org.jspecify.annotations.NullMarked;
