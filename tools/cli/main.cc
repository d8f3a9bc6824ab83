// The `thresh` program. The implementation is in a library, so that tests can
// call its parts.
#include "cli/program.h"

int main(int argc, char** argv) { return thresh::cli::RunProgram(argc, argv); }
