using System.Buffers.Binary;
using System.Text;

namespace Smxp.Fuzz.Targets;

/// <summary>Mails of every kind the mapping knows, small.</summary>
internal static class MimeSeeds
{
    private const string Header = "From: =?utf-8?q?B=C3=B6b?= <bob@peer.test>\nTo: alice@example.test, List: carol@old.test;\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\nDate: Fri, 2 Jan 2026 01:00:00 +0100\nMessage-ID: <1@peer.test>\nMIME-Version: 1.0\n";

    public static IReadOnlyList<byte[]> All { get; } =
    [
        Seed.Lines($"{Header}Content-Type: text/plain; charset=iso-8859-1; format=flowed; delsp=yes\nContent-Transfer-Encoding: quoted-printable\n\nOne =\nline, =E4nd \n> quoted \n>> twice\n-- \nBob\n"),
        Seed.Lines($"{Header}In-Reply-To: <a@b>\nReferences: <r@b> <a@b>\nContent-Type: text/plain\n\nYes.\n\nOn Friday, Alice wrote:\n> Still good?\n"),
        Seed.Lines($"{Header}Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\nplain\n--a\nContent-Type: multipart/related; boundary=\"r\"\n\n--r\nContent-Type: text/html; charset=utf-8\n\n"
            + "<h1>Hi</h1><p>a <b>b</b> <a href=\"https://x.test/(\">c</a><img src=cid:i@x alt=p><ul><li>1<li>2</ul><pre>  x\n y</pre><table><tr><td>1<td>2</table><blockquote>old</blockquote>&#128512;&nbsp;\n"
            + "--r\nContent-Type: image/png; name=\"../p.png\"\nContent-ID: <i@x>\nContent-Transfer-Encoding: base64\nContent-Disposition: inline; filename*=utf-8''p%e2%82%ac.png\n\niVBORw0KGgo=\n--r--\n--a--\n"),
        Seed.Lines($"{Header}Content-Type: multipart/report; report-type=delivery-status; boundary=d\n\n--d\n\nIt failed: 550 5.1.1 no such user\n--d\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\nOriginal-Envelope-Id: e1\n\n"
            + "Original-Recipient: rfc822;x@y.test\nFinal-Recipient: rfc822; <x@y.test>\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; z.test\nDiagnostic-Code: smtp; 550 no\n\n--d\nContent-Type: message/rfc822\n\nMessage-ID: <o@x>\nSubject: a/b\n\nbody\n--d--\n"),
        Seed.Lines("From: MAILER-DAEMON@peer.test\nX-Failed-Recipients: x@y.test\nAuthentication-Results: mx.example.test; spf=pass\n\nReturned: (#5.1.1)\n> Message-ID: <o@x>\n"),
        Seed.Lines($"{Header}Content-Type: multipart/report; report-type=disposition-notification; boundary=d\n\n--d\n\nRead.\n--d\nContent-Type: message/disposition-notification\n\n"
            + "Final-Recipient: rfc822;bob@peer.test\nOriginal-Message-ID: <o@x>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--d--\n"),
        Seed.Lines($"{Header}Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(Tnef(), Base64FormattingOptions.InsertLineBreaks)}\n"),
        [.. Seed.Lines($"{Header}Content-Type: application/ms-tnef\nContent-Transfer-Encoding: binary\n\n"), .. Tnef()],
        Seed.Lines($"{Header}Supersedes: <0@peer.test>\nExpires: Fri, 2 Jan 2099 01:00:00 +0100\nDisposition-Notification-To: bob@peer.test\nList-Id: x\nContent-Type: multipart/signed; boundary=s\n\n--s\n\nSigned.\n--s\nContent-Type: application/pgp-signature\n\nx\n--s--\n"),
        Seed.Lines($"{Header}Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain; charset=iso-2022-jp\n\n\u001b$BF|K\\\u001b(B\n--m\nContent-Type: text/calendar; method=REQUEST\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n#0V%T\n`\nend\n"
            + "--m\nContent-Type: message/partial; id=x; number=1; total=2\n\nx\n--m\nContent-Type: message/external-body; access-type=URL\n\nContent-Type: text/plain\n\n--m--\n"),
    ];

    public static IReadOnlyList<byte[]> Words { get; } = Seed.Words(
        "\r\n", "\r\n\r\n", "\n", "\r", "\0", "--a\r\n", "--a--\r\n", "--m\r\n", "--r\r\n", "Content-Type: ", "text/plain", "text/html", "text/html; charset=utf-7", "; charset=utf-16", "; charset=\"x\0y\"", "; charset=hz-gb-2312",
        "; format=flowed", "; delsp=yes", "multipart/mixed; boundary=a", "multipart/alternative; boundary=a", "multipart/encrypted; boundary=a", "multipart/signed; boundary=a", "multipart/related; boundary=\"\"", "message/rfc822",
        "message/delivery-status", "message/disposition-notification", "message/partial", "application/ms-tnef", "Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: quoted-printable\r\n",
        "Content-Disposition: attachment; filename*0*=utf-8''%ff; filename*1=\"/../x\"\r\n", "Content-ID: <i@x>\r\n", "cid:i@x", "=?utf-8?B?", "=?utf-16?q?=D8=3D?=", "=?x?q?=00=0A?=", "?=", "=\r\n", "=0", "=3D", "=D8=00", "From: ", "To: ", "Date: ",
        "Message-ID: <", "References: ", "In-Reply-To: ", "Subject: ", "Resent-From: ", "<>", "<<", ">", "@", ":;", "(((((((", "\"", "\\", "\t", " \r\n ", "<blockquote>", "<ul>", "</ul>", "<ol><li>", "<pre>", "</pre>", "<table><tr><td>", "<script>",
        "<style>", "<!--", "-->", "<![CDATA[", "<svg><math>", "&#xD800;", "&#0;", "&#x202E;", "&nbsp;", "<a href=\"javascript:x\">", "<a href='mailto:x y'>", "<img src=https://x/>", "style=\"", "-----Original Message-----", "> ", "-- \r\n",
        "\ud83d\ude00", "\u202e", "\u2028", "\u0085", "Wed, 31 Dec 9999 23:59:59 -2400", "-1", "Action: failed\r\n", "Status: 4", "Final-Recipient: rfc822;", "550 5.1.1 ");

    // MS-OXTNEF §2.1.3: signature and key, then attributes: level, id, length, data, checksum.
    private static byte[] Tnef()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0x223E9F78u);
        writer.Write((ushort)1);
        Attribute(1, 0x00089006, [0, 0, 1, 0]);
        byte[] codePage = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(codePage, 1252);
        Attribute(1, 0x00069007, codePage);
        Attribute(1, 0x0002800C, "Hello\0"u8.ToArray());
        // One property: the subject, one 8-bit string of three octets.
        Attribute(1, 0x00069003, [1, 0, 0, 0, 0x1E, 0, 0x37, 0, 1, 0, 0, 0, 3, 0, 0, 0, (byte)'H', (byte)'i', 0, 0]);
        Attribute(2, 0x00069002, new byte[14]);
        Attribute(2, 0x00018010, Encoding.ASCII.GetBytes("../plan.txt\0"));
        Attribute(2, 0x0006800F, "The plan"u8.ToArray());
        return stream.ToArray();

        void Attribute(byte level, uint id, byte[] data)
        {
            writer.Write(level);
            writer.Write(id);
            writer.Write(data.Length);
            writer.Write(data);
            writer.Write((ushort)data.Sum(static octet => octet));
        }
    }
}
