import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import oneapp.agent.data.Json;
import oneapp.agent.data.Yaml;

/**
 * Makes jars quicker to start from. Classes of a format so old (before Java 6) that class archives
 * leave them out are written anew: the same code with a stack map, as Java 8 has it. The agent's own
 * lists get a twin in JSON, which is read in a fraction of the time. Jars without either stay as they
 * are. A tool of the build: {@code java -cp LIB/* ReleaseJars.java JAR...} prints the names of the
 * jars it changed.
 */
final class ReleaseJars {
  private static final int MODERN = ClassFile.JAVA_8_VERSION;

  private ReleaseJars() {}

  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      if (changed(Path.of(jar))) {
        System.out.println(Path.of(jar).getFileName());
      }
    }
  }

  private static boolean changed(Path jar) throws IOException {
    Path draft = jar.resolveSibling(jar.getFileName() + ".new");
    boolean changed = false;
    try (ZipFile from = new ZipFile(jar.toFile());
        URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        OutputStream out = Files.newOutputStream(draft);
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        byte[] bytes = from.getInputStream(entry).readAllBytes();
        if (isOldClass(entry.getName(), bytes)) {
          bytes = modern(bytes, classes);
          changed = true;
        }
        put(to, copy(entry, entry.getName(), bytes), bytes);
        if (isList(entry.getName())) {
          byte[] json = json(entry.getName(), bytes);
          put(to, copy(entry, entry.getName().replace(".yaml", ".json"), json), json);
          changed = true;
        }
      }
    }
    if (changed) {
      Files.move(draft, jar, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(draft);
    }
    return changed;
  }

  private static void put(ZipOutputStream to, ZipEntry entry, byte[] bytes) throws IOException {
    to.putNextEntry(entry);
    to.write(bytes);
  }

  /** As oneapp.agent.data.Yaml looks for them; reference rows are read as the user's are. */
  private static boolean isList(String name) {
    return name.endsWith(".yaml") && !name.contains("/reference/");
  }

  private static byte[] json(String name, byte[] yaml) {
    return Json.MAPPER.writeValueAsBytes(Yaml.tree(name, new String(yaml, UTF_8)));
  }

  /** The major version stands in bytes 6 and 7 of a class file. */
  private static boolean isOldClass(String name, byte[] bytes) {
    return name.endsWith(".class")
        && ((bytes[6] & 0xff) << 8 | bytes[7] & 0xff) < ClassFile.JAVA_6_VERSION;
  }

  private static byte[] modern(byte[] old, ClassLoader classes) {
    ClassFile format =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ConstantPoolSharingOption.NEW_POOL,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(classes)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    ClassModel model = format.parse(old);
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(MODERN, 0);
          } else {
            builder.with(element);
          }
        };
    byte[] written =
        format.transformClass(
            model, version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    List<VerifyError> errors = format.verify(written);
    if (!errors.isEmpty()) {
      throw new IllegalStateException(
          model.thisClass().asInternalName() + " cannot be verified: " + errors, errors.getFirst());
    }
    return written;
  }

  private static ZipEntry copy(ZipEntry entry, String name, byte[] bytes) {
    ZipEntry copy = new ZipEntry(name);
    copy.setTimeLocal(entry.getTimeLocal());
    copy.setMethod(entry.getMethod());
    if (entry.getMethod() == ZipEntry.STORED) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      copy.setSize(bytes.length);
      copy.setCrc(sum.getValue());
    }
    return copy;
  }
}
