/**
 * The command line: one class a command. What a value may be is in {@code option}, the serial
 * line's near end in {@code console}, what {@code boot} boots in {@code debian} and {@code
 * initramfs}.
 */
package org.coremu.cli;
