// Text and pictures of gnuplot's, and what is wrong with either.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace callflow::plot {

// Text as a gnuplot literal that means just these characters, whatever they are: what gnuplot 5.4
// takes for markup, commands or the string's end stands as a number. Control characters become
// spaces, bytes that are no UTF-8 the replacement character.
std::string literal(std::string_view text);

// The same for a tic's label, which gnuplot takes for a format.
std::string ticLiteral(std::string_view text);

// Is the picture there from its first byte to the last? gnuplot says nothing of a disk that is
// full.
bool isWhole(const std::filesystem::path& picture);

}  // namespace callflow::plot
