# cmake -D OUT=shipped.cc -D ROOT=folder -D FILES=a.yaml|b.yaml -P embed.cmake
# Writes a C++ source that holds the files, as src/cli/templates.h declares them.
string(REPLACE "|" ";" files "${FILES}")
set(text "// Made by cmake/embed.cmake.\n#include <array>\n\n#include \"src/cli/templates.h\"\n\nnamespace callflow::cli {\nnamespace {\n\n")
set(rows "")
set(number 0)
foreach(file IN LISTS files)
  file(READ ${ROOT}/${file} content)
  # The delimiter is one that no YAML file has a reason to hold.
  string(APPEND text "constexpr const char kFile${number}[] = R\"-file-(${content})-file-\";\n")
  string(APPEND rows "    ShippedFile{\"${file}\", kFile${number}},\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND text "constexpr std::array kFiles{\n${rows}};\n\n}  // namespace\n\n"
  "std::span<const ShippedFile> shippedFiles() {\n  return kFiles;\n}\n\n}  // namespace callflow::cli\n")
file(WRITE ${OUT} "${text}")
