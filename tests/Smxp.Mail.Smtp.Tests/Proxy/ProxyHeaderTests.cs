using System.Net;
using System.Text;
using CsCheck;
using Smxp.Mail.Smtp.Proxy;

namespace Smxp.Mail.Smtp.Tests.Proxy;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 51234 25\r\n", "192.0.2.1")]
    [InlineData("PROXY TCP6 2001:db8::1 2001:db8::2 51234 25\r\n", "2001:db8::1")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff 65535 65535\r\n", null)]
    public void Reads_version_1(string line, string? source) => Check(Encoding.ASCII.GetBytes(line), source);

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 51234\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 051 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 65536 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1  198.51.100.2 1 25\r\n")]
    [InlineData("PROXY TCP4 1 198.51.100.2 1 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.01 198.51.100.2 1 25\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 1 25\r\n")]
    [InlineData("PROXY TCP6 fe80::1%eth0 2001:db8::2 1 25\r\n")]
    [InlineData("PROXY TCP5 192.0.2.1 198.51.100.2 1 25\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.2 1 25\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("proxy UNKNOWN\r\n")]
    [InlineData("EHLO client.test\r\n")]
    [InlineData("PROXY UNKNOWN aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")]
    public void Refuses_in_version_1(string line) => Assert.Equal(ProxyParse.Malformed, ProxyHeader.TryParse(Encoding.ASCII.GetBytes(line), out _, out _));

    [Fact]
    public void Reads_version_2()
    {
        Check(Header(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 2, 1, 2, 0, 25]), "192.0.2.1");
        Check(Header(0x21, 0x21, [.. IPAddress.Parse("2001:db8::1").GetAddressBytes(), .. IPAddress.Parse("2001:db8::2").GetAddressBytes(), 1, 2, 0, 25]), "2001:db8::1");
        // With extensions: a checksum, and padding.
        Check(Header(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 2, 1, 2, 0, 25, 3, 0, 4, 9, 9, 9, 9, 4, 0, 2, 0, 0]), "192.0.2.1");
        // LOCAL: a proxy's own check, whatever family it names; and a family it does not want to name.
        Check(Header(0x20, 0x00, []), null);
        Check(Header(0x20, 0x31, [1, 2, 3]), null);
        Check(Header(0x21, 0x00, [4, 0, 0]), null);
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)] // version 1 in binary
    [InlineData(0x22, 0x11, 12)] // no such command
    [InlineData(0x21, 0x12, 12)] // UDP
    [InlineData(0x21, 0x31, 216)] // a socket in the file system
    [InlineData(0x21, 0x11, 11)] // too short for its addresses
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x11, 4081)] // longer than anybody needs
    public void Refuses_in_version_2(int command, int family, int length) =>
        Assert.Equal(ProxyParse.Malformed, ProxyHeader.TryParse(Header((byte)command, (byte)family, new byte[length]), out _, out _));

    [Fact]
    public void Neither_throws_nor_takes_more_than_there_is() =>
        Gen.Select(Gen.OneOf(Signature, "PROXY "u8.ToArray(), "PROXY TCP4 1.2.3.4 "u8.ToArray(), Array.Empty<byte>()), Gen.Byte.Array[0, 60], Gen.Bool).Sample(static (start, rest, digits) =>
        {
            byte[] input = [.. start, .. digits ? rest.Select(static b => "0123456789.: \r\n"u8[b % 15]) : rest];
            var parse = ProxyHeader.TryParse(input, out _, out int length);
            Assert.InRange(length, 0, input.Length);
            if (parse == ProxyParse.Complete) Assert.True(length > 0);
        }, iter: 50_000);

    private static byte[] Header(byte command, byte family, byte[] rest) => [.. Signature, command, family, (byte)(rest.Length >> 8), (byte)rest.Length, .. rest];

    // However little of it has arrived, it is not wrong; and what follows it is not its own.
    private static void Check(byte[] header, string? source)
    {
        for (int length = 0; length < header.Length; length++) Assert.Equal(ProxyParse.Incomplete, ProxyHeader.TryParse(header.AsSpan(0, length), out _, out _));
        Assert.Equal(ProxyParse.Complete, ProxyHeader.TryParse([.. header, .. "EHLO x\r\n"u8], out var parsed, out int taken));
        Assert.Equal((header.Length, source), (taken, parsed.Source?.ToString()));
    }
}
