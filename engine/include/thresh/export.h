// What the shared library exports: it is compiled with hidden symbols, so that
// no user can depend on its internal ones or clash with them.
#ifndef THRESH_EXPORT_H_
#define THRESH_EXPORT_H_

// Marks the functions of the public interface that are not inline, and classes
// that users derive from.
#define THRESH_EXPORT __attribute__((visibility("default")))

#endif  // THRESH_EXPORT_H_
