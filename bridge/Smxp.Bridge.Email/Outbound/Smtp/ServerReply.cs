namespace Smxp.Bridge.Email.Outbound.Smtp;

/// <summary>A server's reply, its lines joined by blanks (RFC 5321 §4.2).</summary>
internal readonly record struct ServerReply(int Code, string Text)
{
    public bool IsPositive => Code is >= 200 and < 400;

    /// <summary>RFC 5321 §4.2.1: 5yz may not be tried again as it is.</summary>
    public bool IsPermanent => Code >= 500;

    /// <summary>The server ends the session (RFC 5321 §3.8).</summary>
    public bool Closes => Code == 421;

    public override string ToString() => Text.Length == 0 ? $"{Code}" : $"{Code} {Text}";
}
