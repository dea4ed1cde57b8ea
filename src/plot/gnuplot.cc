#include "src/plot/gnuplot.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace callflow::plot {

namespace {

constexpr std::string_view kReplacement = "\ufffd";

// How many bytes at the start of `text` are one character of UTF-8; 0 if they are none.
std::size_t characterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  // Overlong forms, halves of surrogates and what lies beyond U+10FFFF (RFC 3629).
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) > 0x9f) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

bool isPlain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view(" .,:;-_()/+<>=%*!?|&~").find(c) != std::string_view::npos;
}

}  // namespace

std::string literal(std::string_view text) {
  std::string quoted = "\"";
  bool escaped = false;  // then gnuplot takes digits that follow for more of the number
  while (!text.empty()) {
    const std::size_t length = characterLength(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0) {
      quoted += kReplacement;
    } else if (length > 1) {
      // U+0080 to U+009F are control characters, U+FFFE and U+FFFF no characters in XML.
      const std::string_view character = text.substr(0, length);
      const bool control = first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0;
      quoted += control                                                      ? std::string_view(" ")
                : character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf" ? kReplacement
                                                                             : character;
    } else if (first < 0x20 || first == 0x7f) {
      quoted += ' ';
    } else if (isPlain(text.front()) && !(escaped && first >= '0' && first <= '7')) {
      quoted += text.front();
    } else {
      quoted += fmt::format("\\{:03o}", first);
    }
    escaped = length == 1 && quoted.ends_with(fmt::format("\\{:03o}", first));
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return quoted + '"';
}

std::string ticLiteral(std::string_view text) {
  std::string doubled;
  for (const char c : text) {
    doubled += c;
    if (c == '%') doubled += c;
  }
  return literal(doubled);
}

bool isWhole(const std::filesystem::path& picture) {
  std::ifstream in(picture, std::ios::binary);
  std::ostringstream read;
  read << in.rdbuf();
  std::string text = std::move(read).str();
  const std::string format = picture.extension().string();
  if (format == ".png") return text.ends_with(std::string_view("IEND\xae\x42\x60\x82", 8));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text.ends_with(format == ".svg" ? "</svg>" : "%%EOF");
}

}  // namespace callflow::plot
