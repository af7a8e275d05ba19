package dev.carafe.tools.monitor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys by the names that QEMU gives them, and what a keyboard sends for each in scan code set 2
 * (IBM PS/2 Technical Reference, "Keyboard Scan Codes").
 */
final class Keys {
    private static final int EXTENDED = 0xE0;
    private static final int RELEASED = 0xF0;
    private static final Map<String, int[]> CODES = codes();
    private static final String NUMBERED = // by set-1 number from 1 on
            "esc 1 2 3 4 5 6 7 8 9 0 minus equal backspace tab q w e r t y u i o p bracket_left"
                    + " bracket_right ret ctrl a s d f g h j k l semicolon apostrophe grave_accent"
                    + " shift backslash z x c v b n m comma dot slash shift_r asterisk alt spc"
                    + " caps_lock f1 f2 f3 f4 f5 f6 f7 f8 f9 f10 num_lock scroll_lock kp_7 kp_8"
                    + " kp_9 kp_subtract kp_4 kp_5 kp_6 kp_add kp_1 kp_2 kp_3 kp_0 kp_decimal";

    private Keys() {}

    private static Map<String, int[]> codes() {
        Map<String, int[]> codes = new HashMap<>();
        plain(
                codes,
                "shift 12 shift_r 59 alt 11 ctrl 14 esc 76 1 16 2 1e 3 26 4 25 5 2e 6 36 7 3d 8 3e"
                        + " 9 46 0 45 minus 4e equal 55 backspace 66 tab 0d q 15 w 1d e 24 r 2d t"
                        + " 2c y 35 u 3c i 43 o 44 p 4d bracket_left 54 bracket_right 5b ret 5a a"
                        + " 1c s 1b d 23 f 2b g 34 h 33 j 3b k 42 l 4b semicolon 4c apostrophe 52"
                        + " grave_accent 0e backslash 5d z 1a x 22 c 21 v 2a b 32 n 31 m 3a comma"
                        + " 41 dot 49 slash 4a asterisk 7c spc 29 caps_lock 58 f1 05 f2 06 f3 04"
                        + " f4 0c f5 03 f6 0b f7 83 f8 0a f9 01 f10 09 f11 78 f12 07 num_lock 77"
                        + " scroll_lock 7e kp_multiply 7c kp_subtract 7b kp_add 79 kp_decimal 71"
                        + " kp_0 70 kp_1 69 kp_2 72 kp_3 7a kp_4 6b kp_5 73 kp_6 74 kp_7 6c kp_8"
                        + " 75 kp_9 7d less 61 sysrq 84");
        extended(
                codes,
                "alt_r 11 ctrl_r 14 kp_divide 4a kp_enter 5a home 6c pgup 7d pgdn 7a end 69 left"
                        + " 6b up 75 down 72 right 74 insert 70 delete 71 meta_l 1f meta_r 27 menu"
                        + " 2f print 7c power 37 sleep 3f wake 5e audionext 4d audioprev 15"
                        + " audiostop 3b audioplay 34 audiomute 23 volumeup 32 volumedown 21 mail"
                        + " 48 calculator 2b computer 40");
        codes.put("enter", codes.get("ret"));
        return Map.copyOf(codes);
    }

    private static void plain(Map<String, int[]> codes, String names) {
        String[] words = names.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            codes.put(words[i], new int[] {Integer.parseInt(words[i + 1], 16)});
        }
    }

    private static void extended(Map<String, int[]> codes, String names) {
        String[] words = names.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            codes.put(words[i], new int[] {EXTENDED, Integer.parseInt(words[i + 1], 16)});
        }
    }

    static boolean exists(String name) {
        return CODES.containsKey(name);
    }

    /** The name of a key given by its number in scan code set 1, or null. */
    static String numbered(int number) {
        String[] names = NUMBERED.split(" ");
        return number >= 1 && number <= names.length ? names[number - 1] : null;
    }

    /** What is sent when these keys go down, in this order. */
    static int[] pressed(List<String> names) {
        List<Integer> codes = new ArrayList<>();
        for (String name : names) {
            for (int code : CODES.get(name)) {
                codes.add(code);
            }
        }
        return codes.stream().mapToInt(Integer::intValue).toArray();
    }

    /** What is sent when these keys come up, in the opposite order. */
    static int[] released(List<String> names) {
        List<Integer> codes = new ArrayList<>();
        for (String name : names.reversed()) {
            int[] code = CODES.get(name);
            if (code.length > 1) {
                codes.add(EXTENDED);
            }
            codes.add(RELEASED);
            codes.add(code[code.length - 1]);
        }
        return codes.stream().mapToInt(Integer::intValue).toArray();
    }
}
