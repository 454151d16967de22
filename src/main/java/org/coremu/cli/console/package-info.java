/** The near end of a serial line: the user's terminal in raw mode, or plain stdin and stdout. */
package org.coremu.cli.console;
