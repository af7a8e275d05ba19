/** The machine as it is ordered ({@code Configuration}) and as it is wired ({@code PcBoard}). */
package dev.carafe.tools.board;
