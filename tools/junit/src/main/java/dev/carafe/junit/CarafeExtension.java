package dev.carafe.junit;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Makes machines for fields and parameters, and ends them. {@link CarafeMachine} registers it. */
final class CarafeExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(CarafeExtension.class);
    private static final String MACHINES = "machines";
    private static final String FIELDS_SET = "fields";

    @Override
    public void beforeAll(ExtensionContext context) {
        setFields(context, context.getRequiredTestClass(), null);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Object test = context.getRequiredTestInstance();
        setFields(context, test.getClass(), test);
    }

    /** Once for each context, however many annotations register this extension. */
    private static void setFields(ExtensionContext context, Class<?> type, Object test) {
        if (store(context).get(FIELDS_SET) != null) {
            return;
        }
        store(context).put(FIELDS_SET, true);
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                CarafeMachine order = field.getAnnotation(CarafeMachine.class);
                if (order != null && Modifier.isStatic(field.getModifiers()) == (test == null)) {
                    set(field, test, make(context, order));
                }
            }
        }
    }

    private static void set(Field field, Object test, Vm vm) {
        if (field.getType() != Vm.class) {
            throw new IllegalStateException(field + ": a @CarafeMachine is a field of type Vm");
        }
        try {
            field.setAccessible(true);
            field.set(test, vm);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be set", e);
        }
    }

    private static Vm make(ExtensionContext context, CarafeMachine order) {
        Vm vm = Vm.of(order);
        machines(context).add(vm);
        return vm;
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(
                Namespace.create(CarafeExtension.class, context.getUniqueId())); // not inherited
    }

    private static Machines machines(ExtensionContext context) {
        return store(context).getOrComputeIfAbsent(MACHINES, key -> new Machines(), Machines.class);
    }

    /** What has to be ended with a context. */
    private static final class Machines {
        private final List<Vm> list = new ArrayList<>();

        private void add(Vm vm) {
            list.add(vm);
        }

        /** Ends all; then says what went wrong in any that nobody has looked at. */
        private void close() {
            AssertionError first = null;
            for (Vm vm : list) {
                AssertionError wrong = vm.finish();
                first = first == null ? wrong : first;
            }
            list.clear();
            if (first != null) {
                throw first;
            }
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        machines(context).close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        machines(context).close();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(CarafeMachine.class)
                && parameter.getParameter().getType() == Vm.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return make(context, parameter.findAnnotation(CarafeMachine.class).orElseThrow());
    }
}
