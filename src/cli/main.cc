#include "src/cli/cli.h"

int main(int argc, char** argv) {
  return callflow::cli::run(argc, argv);
}
