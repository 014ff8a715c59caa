// The mark of what the shared library shows to its users.
#pragma once

// Marks a function or class that users of the shared library may call. The library is built with
// hidden visibility, so whatever lacks the mark can change without notice. There is no twin for
// import: on ELF systems one spelling serves both sides, and so the header depends on no option.
#define QUINTILE_API __attribute__((visibility("default")))
