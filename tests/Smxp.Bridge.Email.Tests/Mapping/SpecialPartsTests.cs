using System.Buffers.Binary;
using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Mapping;

namespace Smxp.Bridge.Email.Tests.Mapping;

/// <summary>Parts with a life of their own: winmail.dat is opened, signed and encrypted mail stays what it is, an enclosed mail is one file.</summary>
public sealed class SpecialPartsTests
{
    [Fact]
    public void Opens_winmail_dat()
    {
        byte[] tnef = Tnef("Hello from the other side", "plan.txt", "The plan"u8.ToArray());
        string mail = $"From: bob@peer.test\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(tnef, Base64FormattingOptions.InsertLineBreaks)}\r\n";
        var draft = MailReaderTests.Read(mail);
        var file = Assert.Single(draft.Attachments);
        Assert.Equal("plan.txt", file.Name);
        using var content = new MemoryStream();
        ((MimePart)file.Entity).Content!.DecodeTo(content);
        Assert.Equal("The plan", Encoding.ASCII.GetString(content.ToArray()));
        Assert.Equal("Hello from the other side", draft.Body?.Trim());
    }

    [Fact]
    public void Attaches_a_winmail_dat_that_cannot_be_opened()
    {
        var draft = MailReaderTests.Read("From: bob@peer.test\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAAAAAA\r\n");
        Assert.Equal("winmail.dat", Assert.Single(draft.Attachments).Name);
    }

    // Some take the reader minutes a property, others memory that no machine has.
    [Theory]
    [InlineData(0x1001, int.MaxValue)]
    [InlineData(0x1003, int.MaxValue)]
    [InlineData(0x101E, int.MaxValue)]
    [InlineData(0x101E, TnefLimits.MaxSteps)]
    [InlineData(0x101E, -1)]
    public void Attaches_a_winmail_dat_that_states_more_than_it_has(int type, int values)
    {
        byte[] properties = new byte[32];
        BinaryPrimitives.WriteInt32LittleEndian(properties, 2);
        BinaryPrimitives.WriteInt16LittleEndian(properties.AsSpan(4), (short)type);
        BinaryPrimitives.WriteInt16LittleEndian(properties.AsSpan(6), 0x0037);
        BinaryPrimitives.WriteInt32LittleEndian(properties.AsSpan(8), values);
        byte[] tnef = Tnef("Hello", "plan.txt", "The plan"u8.ToArray(), properties);
        var draft = MailReaderTests.Read($"From: bob@peer.test\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(tnef)}\r\n");
        Assert.Equal("winmail.dat", Assert.Single(draft.Attachments).Name);
    }

    [Fact]
    public void Shows_the_text_of_a_signed_mail()
    {
        var draft = MailReaderTests.Read("""
            From: bob@peer.test
            Content-Type: multipart/signed; micalg=sha-256; protocol="application/pgp-signature"; boundary=s

            --s
            Content-Type: text/plain

            Signed words.
            --s
            Content-Type: application/pgp-signature

            -----BEGIN PGP SIGNATURE-----
            --s--
            """.ReplaceLineEndings("\r\n"));
        Assert.Equal(("Signed words.", 0), (draft.Body, draft.Attachments.Count));
    }

    [Theory]
    [InlineData("multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=e", "--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--e\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\nsecret\r\n--e--\r\n", new[] { "application/pgp-encrypted", "application/octet-stream" })]
    [InlineData("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "secret", new[] { "application/pkcs7-mime" })]
    public void Passes_encrypted_mail_through_as_it_is(string type, string content, string[] parts)
    {
        var draft = MailReaderTests.Read($"From: bob@peer.test\r\nMIME-Version: 1.0\r\nContent-Type: {type}\r\n\r\n{content}");
        Assert.Null(draft.Body);
        Assert.Equal(parts, draft.Attachments.Select(static part => part.ContentType));
    }

    // MS-OXTNEF §2.1.3: signature and key, then attributes: level, id, length, data, checksum.
    private static byte[] Tnef(string body, string name, byte[] file, byte[]? properties = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0x223E9F78u);
        writer.Write((ushort)1);
        Attribute(1, 0x00089006, [0, 0, 1, 0]);
        byte[] codePage = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(codePage, 1252);
        Attribute(1, 0x00069007, codePage);
        Attribute(1, 0x0002800C, Encoding.ASCII.GetBytes($"{body}\0"));
        if (properties is not null) Attribute(1, 0x00069003, properties);
        Attribute(2, 0x00069002, new byte[14]);
        Attribute(2, 0x00018010, Encoding.ASCII.GetBytes($"{name}\0"));
        Attribute(2, 0x0006800F, file);
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
