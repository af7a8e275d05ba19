package dev.carafe.tools.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A value of a YAML file that knows where it stands, so that a mistake can be shown. */
final class YamlValue {
    private final String file;
    private final String key;
    private final Node node;

    YamlValue(String file, String key, Node node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    int line() {
        return node.getStartMark().getLine() + 1;
    }

    SuiteError wrong(String reason) {
        return new SuiteError(file + ":" + line(), key.isEmpty() ? reason : key + ": " + reason);
    }

    Map<String, YamlValue> map() throws SuiteError {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong("a list of 'name: value' is expected here");
        }
        Map<String, YamlValue> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = new YamlValue(file, key, tuple.getKeyNode()).text();
            YamlValue value = new YamlValue(file, name, tuple.getValueNode());
            if (values.put(name, value) != null) {
                throw value.wrong("it is given twice");
            }
        }
        return values;
    }

    /** The items of a list; anything else is a list of one. */
    List<YamlValue> list() {
        if (!(node instanceof SequenceNode sequence)) {
            return List.of(this);
        }
        List<YamlValue> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(new YamlValue(file, key, item));
        }
        return items;
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    String text() throws SuiteError {
        if (!(node instanceof ScalarNode scalar)) {
            throw wrong("a text is expected here");
        }
        return scalar.getValue();
    }

    long number(long least, long most) throws SuiteError {
        String text = text().replace("_", "");
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw wrong("'" + text() + "' is not a number");
        }
        if (value < least || value > most) {
            throw wrong(value + " is not from " + least + " to " + most);
        }
        return value;
    }
}
