#include <array>
#include <charconv>
#include <cmath>

#include "src/topology/graph.h"

namespace callflow::topology {

std::string_view name(ElementKind kind) {
  switch (kind) {
    case ElementKind::participant:
      return "participant";
    case ElementKind::site:
      return "site";
    case ElementKind::proxy:
      return "HTTP proxy";
    case ElementKind::device:
      return "device";
    case ElementKind::internetPop:
      return "Internet point of presence";
    case ElementKind::azureEdge:
      return "Azure edge";
    case ElementKind::azureRegion:
      return "Azure region";
    case ElementKind::relay:
      return "relay";
    case ElementKind::mediaProcessor:
      return "media processor";
    case ElementKind::signaling:
      return "signaling server";
    case ElementKind::sbc:
      return "SBC";
    case ElementKind::trunk:
      return "trunk";
  }
  return "element";
}

std::string_view name(Direction direction) {
  return direction == Direction::up ? "up" : "down";
}

std::string toText(const DirectedLink& link) {
  return link.name + " " + std::string(name(link.direction));
}

std::string ipv4Text(std::uint32_t address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string((address >> shift) & 0xff);
    if (shift > 0) text += '.';
  }
  return text;
}

std::string roundedText(Duration delay) {
  // std::to_chars, because the answer must not depend on the locale.
  std::array<char, 32> buffer{};
  const double ms = std::round(delay.milliseconds() * 100) / 100;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), ms, std::chars_format::fixed).ptr;
  return std::string(buffer.data(), end) + " ms";
}

std::string toText(const LinkDirection& direction) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (!direction.rate.isUnlimited()) add(callflow::toText(direction.rate));
  if (direction.delay != Duration{}) add(roundedText(direction.delay));
  if (direction.jitter.mean != Duration{}) add(roundedText(direction.jitter.mean) + " jitter");
  if (direction.loss.mean != Ratio{}) add(callflow::toText(direction.loss.mean) + " loss");
  return text;
}

}  // namespace callflow::topology
