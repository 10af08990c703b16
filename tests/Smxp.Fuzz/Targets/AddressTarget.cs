using System.Text;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Puppets;
using Smxp.Bridge.Email.Relay;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Bridge.Email.Threads;
using Smxp.Mail.Smtp.Notifications;
using Smxp.Mail.Smtp.Paths;
using Smxp.Protocol;

namespace Smxp.Fuzz.Targets;

/// <summary>Everything that reads an address, or a name to show. What was read, written and read again is the same.</summary>
internal sealed class AddressTarget : IFuzzTarget
{
    private const int LineLength = 40;

    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly SrsCodec _srs = new(new LocalPartSeal(Encoding.ASCII.GetBytes("a secret of no importance, 32 B.")));

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Seed.Words("<bob@peer.test>", "<>", "<Postmaster>", "<@one.test,@two.test:bob@peer.test>", "<\"a \\\" b\"@peer.test>", "<jörg@exämple.test>", "<bob@[192.0.2.1]>", "<bob@[IPv6:2001:db8::1]>", "bob@peer.test",
            "bob_at_mail.example", "j_c3_b6rg_at_xn--exmple-cua.test", "a_5f_at_b_at_c.test", "SRS1=abcdef=first.test==hash=ab=peer.test=bob", "rfc822;bob+2Bx@peer.test", "utf-8;\\x{6A}@x", "../a\\b\u202egpj.exe"),
        Encoding.UTF8.GetBytes(new SrsCodec(new LocalPartSeal(Encoding.ASCII.GetBytes("a secret of no importance, 32 B."))).Forward("bob", "peer.test", Now)),
    ];

    public IReadOnlyList<byte[]> Words { get; } = Seed.Words(
        "<", ">", "@", ".", "..", "\"", "\\", "[", "]", "IPv6:", "::", "%", ":", ",", "+2B", "+", "_at_", "_", "_2e", "_c3_b6", "_ff", "_00", "SRS0=", "SRS0+", "SRS1=", "=", "-", "~", "xn--", "xn--a", "\u00df", "\u0130", "\u212a", "ö", "o\u0308",
        "\ud83d\ude00", "\u202e", "\u200d", "\u3002", "\uff20", "\0", "\r\n", " ", "\t", "postmaster", "bob", "peer.test", "192.0.2.1", "0x7f.1", "/", "rfc822;", "\\x{1F600}", "\\x{0}", "\\x{D800}");

    public Task RunAsync(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        ReadPath(text);
        ReadPath($"<{text}>");
        ReadAddress(text);
        if (PuppetAddress.TryDecode(text, out var puppet)) WrongOutcomeException.Unless(PuppetAddress.Encode(puppet) == text, "a puppet has two names");
        if (_srs.Reverse(text, Now) is { } sender) WrongOutcomeException.Unless(sender.Local.Length > 0 && sender.Domain.Length > 0, "a return path leads to nobody");
        string? line = DisplayText.Line(text, LineLength), name = DisplayText.FileName(text);
        WrongOutcomeException.Unless(line is null || (line.Length is > 0 and <= LineLength && !line.Any(char.IsControl)), "a line is not one");
        WrongOutcomeException.Unless(name is null || !(name.AsSpan().ContainsAny('/', '\\') || name.Any(char.IsControl) || name is "." or ".."), "a file name leads elsewhere");
        if (MessageIds.Normalize(text) is { } id) WrongOutcomeException.Unless(!id.Any(char.IsControl), "a Message-ID has control characters");
        return Task.CompletedTask;
    }

    private void ReadPath(string text)
    {
        var rest = text.AsSpan();
        if (!PathParser.TryRead(ref rest, out var path)) return;
        var again = path.ToString().AsSpan();
        WrongOutcomeException.Unless(PathParser.TryRead(ref again, out var same) && again.IsEmpty && same == path, $"{path} is not read as it was written");
        if (EnvelopeAddress.From(path, "mx.example.test") is { } address) ReadAddress(address.ToString());
        if (path.IsNull || path.Domain.Length == 0 || SrsCodec.IsRewritten(path.Local)) return;
        WrongOutcomeException.Unless(_srs.Reverse(_srs.Forward(path.Local, path.Domain, Now), Now) == (path.Local, path.Domain), $"the return path of {path} does not lead back");
    }

    private static void ReadAddress(string text)
    {
        if (!Address.TryParse(text, out var address)) return;
        WrongOutcomeException.Unless(Address.TryParse(address.ToString(), out var same) && same == address, $"{address} is not read as it was written");
        WrongOutcomeException.Unless(PuppetAddress.TryDecode(PuppetAddress.Encode(address), out var meant) && meant == address, $"the puppet of {address} is another's");
    }
}
