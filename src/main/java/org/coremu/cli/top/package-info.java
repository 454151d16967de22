/**
 * The live view of a running machine: {@code coremu top}, {@code --top} and the console's Ctrl-A t.
 * A {@link org.coremu.cli.top.Feed} gives samples, from this process's machine or from another's
 * over a socket ({@link org.coremu.cli.top.StatsServer}); {@link org.coremu.cli.top.TopScreen} and
 * {@link org.coremu.cli.top.TopLine} put them into words.
 */
package org.coremu.cli.top;
