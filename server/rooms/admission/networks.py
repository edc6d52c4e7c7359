"""One network: the neighbours that one household, or one attacker, can have for nothing."""

from __future__ import annotations

import ipaddress


def network_of(address: str, v4: int = 24, v6: int = 56) -> str:
    """The network of an address, with so many bits of it; "unknown" for what is no address."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_loopback:
        return str(ip)
    return str(ipaddress.ip_network((ip, v4 if ip.version == 4 else v6), strict=False))
