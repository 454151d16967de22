/**
 * The values of command line options: how each is written, checked, listed by {@code help} and
 * suggested.
 */
package org.coremu.cli.option;
