// The public documents that rules go by, by their titles.
#pragma once

#include <string_view>

namespace callflow::check::documents {

// Microsoft, Azure Communication Services.
inline constexpr std::string_view kNetwork =
    "Prepare your organization's network for Azure Communication Services";
inline constexpr std::string_view kDetailedCallFlows =
    "Detailed call flows in Azure Communication Services";
inline constexpr std::string_view kCallFlows = "Call flows in Azure Communication Services";
inline constexpr std::string_view kDirectRouting =
    "Azure direct routing infrastructure requirements";
inline constexpr std::string_view kCustomTurn =
    "Azure Communication Services, Proxy your calling traffic (custom TURN), and Detailed call "
    "flows";

// Microsoft 365 and Teams, to which those refer.
inline constexpr std::string_view kConnectivity = "Microsoft 365 network connectivity principles";
inline constexpr std::string_view kConnectivityTest =
    "Microsoft 365 network connectivity test tool";
inline constexpr std::string_view kNatSupport = "NAT support with Microsoft 365";
inline constexpr std::string_view kQos = "Implement Quality of Service (QoS) in Microsoft Teams";
inline constexpr std::string_view kPlanner = "Use the Network Planner for Microsoft Teams";
inline constexpr std::string_view kProxies = "Proxy servers for Teams or Skype for Business Online";
inline constexpr std::string_view kQualityGuide = "Quality of Experience Review Guide";
inline constexpr std::string_view kTeamsCallFlows = "Microsoft Teams call flows";
inline constexpr std::string_view kExpressRouteQos = "ExpressRoute QoS requirements";

inline constexpr std::string_view kRfc4787 =
    "RFC 4787, Network Address Translation (NAT) Behavioral Requirements for Unicast UDP";
inline constexpr std::string_view kRfc8325 = "RFC 8325, Mapping Diffserv to IEEE 802.11";

}  // namespace callflow::check::documents
