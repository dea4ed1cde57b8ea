#include "src/cli/build_info.h"

namespace callflow::cli {

std::string_view programVersion() {
  return CALLFLOW_VERSION;
}

std::string_view sourceCommit() {
  return CALLFLOW_COMMIT;
}

std::string compilerText() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

std::string_view ns3Version() {
  return CALLFLOW_NS3_VERSION;
}

}  // namespace callflow::cli
