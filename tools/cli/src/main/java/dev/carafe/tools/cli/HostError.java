package dev.carafe.tools.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Says in words why the host refused a file. */
final class HostError {
    private HostError() {}

    /** The reason alone, without the file's name. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        String message = String.valueOf(e.getMessage());
        int open = message.lastIndexOf('(');
        boolean parenthesised = open >= 0 && message.endsWith(")"); // java.io: "name (reason)"
        return parenthesised ? message.substring(open + 1, message.length() - 1) : message;
    }
}
